//! Signals: a program's file that is cut short while it is mapped, and Ctrl-C while a file is written.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering::SeqCst};

/// The signals that are delayed while a file is written.
const ENDING: [libc::c_int; 3] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP];

/// A signal that came during the delay.
static CAME: AtomicI32 = AtomicI32::new(0);
/// True if problems are written as JSON.
static JSON: AtomicBool = AtomicBool::new(false);

const CUT: &[u8] = b"error[E0208]: the program's file was cut short while it was read\n \
    = help: run gobt again when the file is complete\n\n";
const CUT_JSON: &[u8] = b"{\"code\":\"E0208\",\"severity\":\"error\",\"message\":\"the program's file was cut short while it was read\",\
    \"file\":\"\",\"line\":0,\"column\":0,\"end_line\":0,\"end_column\":0,\
    \"labels\":[],\"notes\":[],\"help\":[\"run gobt again when the file is complete\"]}\n";

/// Turns the SIGBUS that the kernel sends when a mapped file becomes shorter into an error message and the exit code
/// for problems of the environment. No output is half written then, since output is only written when everything has
/// been read. With `json` the message is a line of JSON.
pub(super) fn tell_of_cut_files(json: bool) {
    JSON.store(json, SeqCst);
    handle(libc::SIGBUS, cut);
}

extern "C" fn cut(_: libc::c_int) {
    let message = if JSON.load(SeqCst) { CUT_JSON } else { CUT };
    #[expect(unsafe_code, reason = "a signal handler may call nothing else")]
    // SAFETY: both calls are allowed in signal handlers (signal-safety(7)); the message is a constant.
    unsafe {
        libc::write(libc::STDERR_FILENO, message.as_ptr().cast(), message.len());
        libc::_exit(libc::c_int::from(super::report::ENVIRONMENT));
    }
}

extern "C" fn remember(signal: libc::c_int) {
    CAME.store(signal, SeqCst);
}

/// Finishes `work` even if a signal comes that would end the process; the signal then takes effect after it.
pub(super) fn uninterrupted<T>(work: impl FnOnce() -> T) -> T {
    let before = ENDING.map(|signal| (signal, handle(signal, remember)));
    let done = work();
    for (signal, action) in before {
        if let Some(action) = action {
            #[expect(unsafe_code, reason = "there is no other way to put a handler back")]
            // SAFETY: the action is what the kernel said was in place.
            unsafe {
                libc::sigaction(signal, &raw const action, std::ptr::null_mut());
            }
        }
    }
    let came = CAME.swap(0, SeqCst);
    if came != 0 {
        #[expect(unsafe_code, reason = "there is no other way to end by a signal")]
        // SAFETY: sends this process a signal that it was sent before.
        unsafe {
            libc::raise(came);
        }
    }
    done
}

/// Installs a handler and gives the previous action; none if the signal was ignored, which then stays so.
fn handle(signal: libc::c_int, handler: extern "C" fn(libc::c_int)) -> Option<libc::sigaction> {
    #[expect(unsafe_code, reason = "there is no other way to handle a signal")]
    // SAFETY: all of the structure is numbers, for which zero is good; the handlers above call only what they may.
    unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(signal, std::ptr::null(), &raw mut before) != 0
            || before.sa_sigaction == libc::SIG_IGN
        {
            return None;
        }
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as libc::sighandler_t;
        action.sa_flags = libc::SA_RESTART;
        (libc::sigaction(signal, &raw const action, std::ptr::null_mut()) == 0).then_some(before)
    }
}
