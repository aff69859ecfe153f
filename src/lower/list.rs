//! The elements of a list: as many of them as there are.

use super::Fragment;
use super::whole::is_more;
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::format::Format;
use crate::plan::{Part, Value};

/// True of an element that shows nothing where it is not there, without another form for that.
fn can_be_empty(parts: &[Part]) -> bool {
    matches!(
        parts,
        [Part::Shown(Value::Text { .. }, Format::String) | Part::Shown(Value::Number(_), Format::Bool)]
    )
}

/// True of what is computed from constants and values that were gathered already.
fn is_gathered(value: &Bt) -> bool {
    match value {
        Bt::Element(..) | Bt::Int(_) | Bt::Hex(_) | Bt::Str(_) => true,
        Bt::Cast(_, a) | Bt::Unary(_, a) => is_gathered(a),
        Bt::Binary(_, a, b) => is_gathered(a) && is_gathered(b),
        Bt::Call(name, list) => matches!(*name, "uptr" | "kptr" | "buf") && list.iter().all(is_gathered),
        _ => false,
    }
}

impl Writer<'_> {
    /// The same pieces with what they read from memory in variables, for pieces that several lines share: each read
    /// takes room on the stack of the probe.
    fn settled(&mut self, fragments: Vec<Fragment>, name: &str) -> Vec<Fragment> {
        let mut out = Vec::new();
        for fragment in fragments {
            out.push(match fragment {
                Fragment::Arg(directive, Bt::Call("str", list)) => {
                    let list = list.into_iter().map(|e| self.once(name, e)).collect();
                    Fragment::Arg(directive, Bt::Call("str", list))
                }
                Fragment::Arg(directive, value) if directive != "%s" && !is_gathered(&value) => {
                    Fragment::Arg(directive, self.once(name, value))
                }
                other => other,
            });
        }
        out
    }

    /// Puts what the elements of a list show in one variable, if there is more than one number of it.
    fn gather(&mut self, elements: &mut [Vec<Fragment>], name: &str) {
        let mut values: Vec<(&mut Bt, bool)> = Vec::new();
        for fragment in elements.iter_mut().flatten() {
            match fragment {
                Fragment::Arg(_, Bt::Call("str", list)) => {
                    values.extend(list.iter_mut().enumerate().map(|(at, value)| (value, at == 0)));
                }
                Fragment::Arg(directive, value) if *directive != "%s" => values.push((value, false)),
                _ => {}
            }
        }
        values.retain(|(value, _)| !is_gathered(value));
        if values.len() < 2 {
            return;
        }
        let name = self.reserve(name);
        let mut all = Vec::new();
        for (at, (value, is_address)) in values.into_iter().enumerate() {
            let element = Bt::Element(Box::new(Bt::Var(name.clone())), at);
            let element = if is_address {
                self.address_in(element)
            } else {
                element
            };
            all.push(std::mem::replace(value, element));
        }
        self.line.groups += 1;
        self.push(Stmt::Assign(name, Bt::Tuple(all), String::new()));
    }

    /// `[3]{a, b, c}` in one form for all lengths: what is not there is empty.
    fn one_form(
        &mut self,
        count: &Bt,
        list: &str,
        elements: Vec<Vec<Fragment>>,
        open_ended: bool,
    ) -> Vec<Fragment> {
        let more_than = |n: usize| count.clone().binary(">", Bt::Int(n as i128));
        let most = elements.len();
        let mut out = vec![
            Fragment::Text("[".into()),
            Fragment::Arg("%llu", count.clone()),
            Fragment::Text("]{".into()),
        ];
        for (i, element) in elements.into_iter().enumerate() {
            if i > 0 {
                let comma = self.text_if(&format!("{list}_comma_{i}"), "", vec![(more_than(i), ", ")]);
                out.push(Fragment::Arg("%s", comma));
            }
            out.extend(element);
        }
        if open_ended {
            let more = self.text_if(&format!("{list}_more"), "", vec![(more_than(most), ", …")]);
            out.push(Fragment::Arg("%s", more));
        }
        out.push(Fragment::Text("}".into()));
        out
    }

    /// `[3]{1, 2, 3}`: as many of the elements as there are.
    pub(super) fn elements(&mut self, len: &Value, each: &[Vec<Part>], open_ended: bool) -> Vec<Fragment> {
        let Value::Number(len) = len else {
            return Vec::new();
        };
        let name = self.name_of_value(&Value::Number(len.clone()));
        let list = name.strip_suffix("_len").unwrap_or(&name).to_string();
        let count = self.number(len);
        let count = self.once(&format!("{list}_len"), count);
        let head = |rest: &str| {
            vec![
                Fragment::Text("[".into()),
                Fragment::Arg("%llu", count.clone()),
                Fragment::Text(format!("]{rest}")),
            ]
        };
        if each.iter().all(Vec::is_empty) || self.is_full() {
            return head("");
        }
        // Where text is on the stack there is no room for what stands between the elements.
        let one_form = !self.dialect.text_is_on_stack()
            && !self.line.has_list
            && each.iter().all(|parts| can_be_empty(parts));
        self.line.has_list = true;
        let mut elements = Vec::new();
        for (i, parts) in each.iter().enumerate() {
            self.about.is_there = Some(is_more(count.clone(), i as u64));
            let outer = self.about.element.replace((list.clone(), i));
            let element = self.parts(parts);
            elements.push(if self.line.gathers {
                element
            } else {
                self.settled(element, &format!("{list}_{i}"))
            });
            self.about.element = outer;
        }
        self.about.is_there = None;
        if self.line.gathers {
            self.gather(&mut elements, &format!("{list}_elements"));
        }
        if one_form {
            return self.one_form(&count, &list, elements, open_ended);
        }
        let mut arms = Vec::new();
        let mut shown: Vec<Fragment> = Vec::new();
        for (i, element) in elements.into_iter().enumerate() {
            let mut form = head("{");
            form.extend(shown.clone());
            form.push(Fragment::Text("}".into()));
            arms.push((count.clone().binary("==", Bt::Int(i as i128)), form));
            if i > 0 {
                shown.push(Fragment::Text(", ".into()));
            }
            shown.extend(element);
        }
        let mut all = head("{");
        all.extend(shown.clone());
        let mut more = all.clone();
        all.push(Fragment::Text("}".into()));
        more.push(Fragment::Text(", …}".into()));
        let otherwise = if open_ended {
            arms.push((count.clone().binary("==", Bt::Int(each.len() as i128)), all));
            more
        } else {
            all
        };
        vec![Fragment::Choice {
            arms,
            otherwise,
            short: head(""),
        }]
    }
}
