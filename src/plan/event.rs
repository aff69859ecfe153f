//! Events of a program and of time, and which values are available at each.

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A call of this function begins; the number is an index into `Plan::functions`.
    Entry(usize),
    /// A call of this function returns.
    Return(usize),
    /// An interval of so many nanoseconds has passed; it repeats.
    Timer(u64),
}

impl Event {
    /// What sort of event it is.
    #[must_use]
    pub fn kind(self) -> EventKind {
        match self {
            Event::Entry(_) => EventKind::Entry,
            Event::Return(_) => EventKind::Return,
            Event::Timer(_) => EventKind::Timer,
        }
    }

    /// The function whose call it is, as an index into `Plan::functions`.
    #[must_use]
    pub fn function(self) -> Option<usize> {
        match self {
            Event::Entry(function) | Event::Return(function) => Some(function),
            Event::Timer(_) => None,
        }
    }
}

/// The sorts of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A call of a function begins.
    Entry,
    /// A call of a function returns.
    Return,
    /// Some time has passed.
    Timer,
}

/// What a recipe can ask for at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Arguments, the receiver, and what a closure holds, as they lie where the call begins.
    Arguments,
    /// Results.
    Results,
    /// The time since the call began.
    Elapsed,
}

/// What is available at each event. Values that are lost by the return are stored at the entry.
const TABLE: &[(EventKind, &[Question])] = &[
    (EventKind::Entry, &[Question::Arguments]),
    (EventKind::Return, &[Question::Results, Question::Elapsed]),
    (EventKind::Timer, &[]),
];

impl EventKind {
    /// True if the answer is there when this happens.
    #[must_use]
    pub fn answers(self, question: Question) -> bool {
        TABLE
            .iter()
            .any(|(event, known)| *event == self && known.contains(&question))
    }
}
