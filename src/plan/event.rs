//! When something is done: the events of a program, and what can be asked at each.

/// Something that happens in the traced program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A call of a function begins.
    Entry,
    /// A call of a function returns.
    Return,
}

/// What a recipe asks for where something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Arguments, the receiver, and what a closure holds, as they lie where the call begins.
    Arguments,
    /// Results.
    Results,
    /// The time since the call began.
    Elapsed,
}

/// What is known at each event. What is not known any more when a call returns is kept where it begins.
const TABLE: &[(Event, &[Question])] = &[
    (Event::Entry, &[Question::Arguments]),
    (Event::Return, &[Question::Results, Question::Elapsed]),
];

impl Event {
    /// True if the answer is there when this happens.
    #[must_use]
    pub fn answers(self, question: Question) -> bool {
        TABLE
            .iter()
            .any(|(event, known)| *event == self && known.contains(&question))
    }
}
