//! Keys: a thread that reads them, and notices that the terminal has another size.

use super::mode::Mode;
use super::view::{View, Wish};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a key may wait.
const PERIOD: Duration = Duration::from_millis(40);

/// Who was away for so long was stopped.
const STOPPED: Duration = Duration::from_millis(400);

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
        interrupts: &Arc<AtomicUsize>,
    ) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let reader = Reader {
            view: Arc::clone(view),
            mode,
            interrupts: Arc::clone(interrupts),
            is_over: Arc::clone(&is_over),
        };
        let came_back = Arc::new(AtomicBool::new(false));
        // Without it, the terminal is as the shell leaves it after `fg`.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGCONT, Arc::clone(&came_back));
        let thread = thread::spawn(move || reader.run(&came_back));
        Self {
            is_over,
            thread: Some(thread),
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Reader<W> {
    view: Arc<Mutex<View<W>>>,
    mode: Option<Mode>,
    interrupts: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl<W: Write> Reader<W> {
    fn run(mut self, came_back: &AtomicBool) {
        let mut last = Instant::now();
        while !self.is_over.load(Ordering::SeqCst) {
            let was_stopped = last.elapsed() > STOPPED;
            last = Instant::now();
            // `timeout` sends this signal to those that were not stopped, too.
            if came_back.swap(false, Ordering::SeqCst) && was_stopped {
                if let Some(mode) = &mut self.mode {
                    mode.again();
                }
                self.with_view(View::come_back);
            }
            match self.next() {
                Some(Event::Key(key)) if key.kind == KeyEventKind::Press => {
                    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
                    match key.code {
                        KeyCode::Char('c' | 'd') if is_control => self.interrupt(),
                        _ if is_control => {}
                        KeyCode::Char('q' | 'Q') => self.interrupt(),
                        KeyCode::Char('f' | 'F' | ' ') => self.with_view(|view| view.wish(Wish::Freeze)),
                        KeyCode::Char('c' | 'C') => self.with_view(|view| view.wish(Wish::Clear)),
                        KeyCode::Char('n' | 'N') | KeyCode::Tab => {
                            self.with_view(|view| view.wish(Wish::Next));
                        }
                        _ => {}
                    }
                }
                _ => self.with_view(View::tick),
            }
        }
    }

    /// The next key, if there is one in time.
    fn next(&self) -> Option<Event> {
        if self.mode.is_some() {
            match poll(PERIOD) {
                Ok(true) => return read().ok(),
                Ok(false) => return None,
                // The terminal is gone.
                Err(_) => {}
            }
        }
        thread::sleep(PERIOD);
        None
    }

    fn interrupt(&self) {
        self.interrupts.fetch_add(1, Ordering::SeqCst);
    }

    fn with_view(&self, what: impl FnOnce(&mut View<W>)) {
        what(&mut self.view.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
