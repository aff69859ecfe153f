//! Keys: a thread that reads them, and notices that the terminal has another size.

use super::mode::{Mode, Waited};
use super::view::View;
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use signal_hook::consts::{SIGCONT, SIGTSTP};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a key may wait.
const PERIOD: Duration = Duration::from_millis(40);

/// Who was away for so long was stopped.
const STOPPED: Duration = Duration::from_millis(400);

/// So long the thread is waited for at the end.
const LEFT: Duration = Duration::from_millis(500);

/// The thread, which ends when this is dropped.
pub(super) struct Keys {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keys {
    /// Begins to read. A key that ends the run counts as an interrupt. Without `mode` there are no keys.
    pub(super) fn begin<W: Write + Send + 'static>(
        view: &Arc<Mutex<View<W>>>,
        mode: Option<Mode>,
        stops: Stops,
        interrupts: &Arc<AtomicUsize>,
    ) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let reader = Reader {
            view: Arc::clone(view),
            mode,
            interrupts: Arc::clone(interrupts),
            is_over: Arc::clone(&is_over),
        };
        let thread = thread::spawn(move || reader.run(&stops));
        Self {
            is_over,
            thread: Some(thread),
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let Some(thread) = self.thread.take() else {
            return;
        };
        // If the terminal goes away while crossterm reads from it, that never comes back.
        let begun = Instant::now();
        while !thread.is_finished() && begun.elapsed() < LEFT {
            thread::sleep(PERIOD / 8);
        }
        if thread.is_finished() {
            let _ = thread.join();
        }
    }
}

/// Ctrl-Z, and `fg` after it.
pub(super) struct Stops {
    /// The process was continued.
    came_back: Arc<AtomicBool>,
    /// It is to stop, after the terminal was given back.
    is_asked: Arc<AtomicBool>,
    /// It stops at once.
    at_once: Arc<AtomicBool>,
}

impl Stops {
    /// Begins to notice them, before the view has the whole screen if `is_whole`.
    pub(super) fn begin(is_whole: bool) -> Self {
        let stops = Self {
            came_back: Arc::default(),
            is_asked: Arc::default(),
            at_once: Arc::new(AtomicBool::new(!is_whole)),
        };
        // Without it, the terminal is as the shell leaves it after `fg`.
        let _ = flag::register(SIGCONT, Arc::clone(&stops.came_back));
        let _ = flag::register(SIGTSTP, Arc::clone(&stops.is_asked));
        let _ = flag::register_conditional_default(SIGTSTP, Arc::clone(&stops.at_once));
        stops
    }
}

struct Reader<W> {
    view: Arc<Mutex<View<W>>>,
    mode: Option<Mode>,
    interrupts: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl<W: Write> Reader<W> {
    fn run(mut self, stops: &Stops) {
        let mut last = Instant::now();
        while !self.is_over.load(Ordering::SeqCst) {
            let was_stopped = last.elapsed() > STOPPED;
            last = Instant::now();
            let mut is_whole = false;
            self.with_view(|view| is_whole = view.are_trees_looked_at());
            stops.at_once.store(!is_whole, Ordering::SeqCst);
            // `timeout` sends this signal to those that were not stopped, too.
            if stops.is_asked.swap(false, Ordering::SeqCst) && is_whole {
                self.with_view(View::step_aside);
                if let Some(mode) = &mut self.mode {
                    mode.leave();
                }
                let _ = emulate_default_handler(SIGTSTP);
                self.come_back();
            }
            if stops.came_back.swap(false, Ordering::SeqCst) && was_stopped {
                self.come_back();
            }
            match self.next() {
                Some(Event::Key(key)) if key.kind == KeyEventKind::Press => {
                    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
                    match key.code {
                        KeyCode::Char('c' | 'd') if is_control => self.interrupt(),
                        _ if is_control => {}
                        code => self.press(code),
                    }
                }
                _ => self.with_view(View::tick),
            }
        }
        stops.at_once.store(true, Ordering::SeqCst);
    }

    /// Gives a key to the view.
    fn press(&self, code: KeyCode) {
        let mut is_end = false;
        self.with_view(|view| is_end = view.key(code));
        if is_end {
            self.interrupt();
        }
    }

    /// The process was stopped, and others had the terminal.
    fn come_back(&mut self) {
        if let Some(mode) = &mut self.mode {
            mode.again();
        }
        self.with_view(View::come_back);
    }

    /// The next key, if there is one in time.
    fn next(&mut self) -> Option<Event> {
        let Some(mode) = &mut self.mode else {
            thread::sleep(PERIOD);
            return None;
        };
        // crossterm would wait for ever for what comes from a terminal that goes away.
        let waited = mode.wait(PERIOD);
        if waited == Waited::Gone {
            self.interrupt();
            self.mode = None;
            return None;
        }
        // Also where there is no key: the terminal may have another size.
        if poll(Duration::ZERO).is_ok_and(|is_there| is_there) {
            return read().ok();
        }
        if waited == Waited::Keys {
            // crossterm forgets keys that come with another size, until the terminal says again that they are there.
            mode.again();
            thread::sleep(PERIOD / 8);
        }
        None
    }

    fn interrupt(&self) {
        self.interrupts.fetch_add(1, Ordering::SeqCst);
    }

    fn with_view(&self, what: impl FnOnce(&mut View<W>)) {
        what(&mut self.view.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
