//! What a report knows of a run besides what comes.

use crate::plan::format::Format;
use crate::plan::record::Layout;
use crate::plan::{Event, EventKind, Plan};
use crate::run::decode::Clock;
use serde::{Deserialize, Serialize};

/// The places where lines come from, and the names of values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct About {
    /// The time of day of what comes.
    pub(crate) clock: Clock,
    /// Each of the plan's probes.
    pub(crate) places: Vec<Place>,
    /// The names of all keys of results and values of lines, each once.
    pub(crate) columns: Vec<String>,
    /// The executable that was traced.
    #[serde(default)]
    pub(crate) program: String,
    /// There are stacks among the keys and values.
    #[serde(default)]
    pub(crate) has_stacks: bool,
}

/// Where a line comes from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The function's name.
    pub(crate) function: Option<String>,
    /// `entry`, `return` or `timer`.
    pub(crate) event: String,
    /// The file that declares it.
    pub(crate) file: Option<String>,
    /// And the line.
    pub(crate) line: Option<u32>,
}

impl About {
    pub(crate) fn of(plan: &Plan, layouts: &[Vec<Layout>], clock: Clock) -> Self {
        let places = plan.probes.iter().map(|probe| {
            let function = plan.function_of(probe);
            let declared = function.and_then(|function| function.declared.clone());
            let (file, line) = declared.unzip();
            Place {
                function: function.map(|function| function.name.clone()),
                event: event(probe.event).to_owned(),
                file,
                line,
            }
        });
        let keys = plan.results.iter().flat_map(|output| &output.columns);
        let values = layouts.iter().flatten().flat_map(|layout| &layout.columns);
        let mut columns: Vec<String> = Vec::new();
        let mut has_stacks = !plan.trees.is_empty();
        for column in keys.chain(values.map(|(column, _)| column)) {
            has_stacks |= column.format == Some(Format::Stack);
            if !columns.contains(&column.name) {
                columns.push(column.name.clone());
            }
        }
        Self {
            clock,
            places: places.collect(),
            columns,
            program: plan.identity.path.clone(),
            has_stacks,
        }
    }
}

fn event(event: Event) -> &'static str {
    match event.kind() {
        EventKind::Entry => "entry",
        EventKind::Return => "return",
        EventKind::Timer => "timer",
    }
}
