//! Names of the grammar's rules in messages.

use super::parser::Rule;

/// The name of an expected rule; `None` for rules that tell a reader nothing: parts of words, and rules that may follow
/// nearly everything. The match is exhaustive, so that a new rule gets its word.
pub(super) fn word_for(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::recipe | Rule::item | Rule::directive | Rule::directive_verb => "a directive or a block",
        Rule::terminator | Rule::EOI => "the end of the line",
        Rule::statement | Rule::aggregate | Rule::aggregate_verb => "a statement",
        Rule::clause | Rule::clause_ahead => "a clause",
        Rule::infix | Rule::infix_ahead => "an operator",
        Rule::identifier | Rule::new_name | Rule::parameter => "a name",
        Rule::field_name => "a field's name",
        Rule::events | Rule::event | Rule::event_name | Rule::function => "a function's name",
        Rule::syscall | Rule::tracepoint | Rule::profile => "an event",
        Rule::expression
        | Rule::operand
        | Rule::primary
        | Rule::shown
        | Rule::key
        | Rule::low
        | Rule::high
        | Rule::parenthesis
        | Rule::argument
        | Rule::result
        | Rule::call
        | Rule::name
        | Rule::prefix => "a value",
        Rule::literal | Rule::lone_literal => "a number or a text in quotes",
        Rule::number => "a number",
        Rule::selector | Rule::position => "an argument's name",
        Rule::string | Rule::text | Rule::opening => "a text in quotes",
        Rule::action => "`print` or `clear`",
        Rule::range => "a range A..B step S",
        Rule::go_type => "a Go type",
        Rule::type_declaration | Rule::func_declaration | Rule::go_char | Rule::go_string => {
            "a Go declaration"
        }
        Rule::block | Rule::lbrace | Rule::raw_body | Rule::brace_ahead => "`{`",
        Rule::rbrace => "`}`",
        Rule::lparen => "`(`",
        Rule::rparen => "`)`",
        Rule::lbracket => "`[`",
        Rule::rbracket => "`]`",
        Rule::quote => "a closing quote",
        Rule::comma => "`,`",
        Rule::colon => "`:`",
        Rule::equals => "`=`",
        Rule::per => "`/`",
        Rule::per_second => "`s`, for seconds",
        Rule::dots => "`..`",
        Rule::dot => "`.`",
        Rule::target | Rule::kw_target => "`target`",
        Rule::param | Rule::kw_param => "`param`",
        Rule::on | Rule::kw_on => "`on`",
        Rule::during | Rule::kw_during => "`during`",
        Rule::every | Rule::kw_every => "`every`",
        Rule::stop | Rule::kw_stop => "`stop`",
        Rule::kw_after => "`after`",
        Rule::kw_when => "`when`",
        Rule::raw | Rule::kw_raw => "`raw`",
        Rule::kw_type => "`type`",
        Rule::kw_func => "`func`",
        Rule::span | Rule::kw_span => "`span`",
        Rule::binding | Rule::kw_let => "`let`",
        Rule::print | Rule::kw_print => "`print`",
        Rule::branch | Rule::kw_if => "`if`",
        Rule::kw_else | Rule::else_ahead => "`else`",
        Rule::returned | Rule::kw_return | Rule::return_ahead => "`return`",
        Rule::by | Rule::kw_by => "`by`",
        Rule::condition | Rule::kw_where => "`where`",
        Rule::format | Rule::kw_as | Rule::as_ahead => "`as`",
        Rule::unit | Rule::kw_in => "`in`",
        Rule::limit | Rule::kw_limit => "`limit`",
        Rule::top | Rule::kw_top => "`top`",
        Rule::sample | Rule::kw_sample => "`sample`",
        Rule::except | Rule::kw_except => "`except`",
        Rule::including | Rule::kw_including => "`including`",
        Rule::kw_inlined => "`inlined`",
        Rule::with_args | Rule::kw_with => "`with`",
        Rule::following | Rule::kw_following => "`following`",
        Rule::kw_go => "`go`",
        Rule::kw_args => "`args`",
        Rule::into | Rule::kw_into => "`into`",
        Rule::depth | Rule::kw_depth => "`depth`",
        Rule::from | Rule::kw_from => "`from`",
        Rule::to | Rule::kw_to => "`to`",
        Rule::matching | Rule::kw_match => "`match`",
        Rule::kw_step => "`step`",
        Rule::kw_arg => "`arg`",
        Rule::kw_ret => "`ret`",
        Rule::kw_true | Rule::kw_false => "`true` or `false`",
        Rule::kw_nil => "`nil`",
        Rule::kw_syscall => "`syscall`",
        Rule::kw_tracepoint => "`tracepoint`",
        Rule::kw_profile => "`profile`",
        Rule::negate | Rule::subtract => "`-`",
        Rule::not
        | Rule::complement
        | Rule::both
        | Rule::either
        | Rule::equal
        | Rule::not_equal
        | Rule::shift_left
        | Rule::shift_right
        | Rule::less_equal
        | Rule::greater_equal
        | Rule::less
        | Rule::greater
        | Rule::add
        | Rule::multiply
        | Rule::divide
        | Rule::remainder
        | Rule::and
        | Rule::or
        | Rule::xor => "an operator",
        Rule::kw_or
        | Rule::or_ahead
        | Rule::gap
        | Rule::label_ahead
        | Rule::pattern_inside
        | Rule::WHITESPACE
        | Rule::COMMENT
        | Rule::newline
        | Rule::br
        | Rule::shebang
        | Rule::items
        | Rule::whole_items
        | Rule::letter
        | Rule::word
        | Rule::clause_word
        | Rule::item_word
        | Rule::statement_word
        | Rule::value_word
        | Rule::label
        | Rule::blank
        | Rule::go_text
        | Rule::go_nested
        | Rule::go_inside
        | Rule::go_break
        | Rule::go_comment
        | Rule::event_end
        | Rule::pattern_part
        | Rule::pattern_char
        | Rule::clauses
        | Rule::raw_part
        | Rule::raw_nested
        | Rule::raw_hole
        | Rule::raw_open
        | Rule::raw_text
        | Rule::raw_string
        | Rule::raw_comment
        | Rule::characters
        | Rule::escape
        | Rule::text_characters
        | Rule::literal_brace
        | Rule::hole
        | Rule::postfix
        | Rule::field
        | Rule::assertion
        | Rule::brackets
        | Rule::go_type_part
        | Rule::call_name
        | Rule::clause_follows
        | Rule::begins_word => return None,
    })
}

/// The rank of a rule's name in a list: what the user most likely wanted to write comes first.
pub(super) fn rank(rule: Rule) -> u8 {
    match rule {
        Rule::infix | Rule::infix_ahead => 1,
        Rule::comma => 2,
        Rule::as_ahead | Rule::kw_as => 3,
        Rule::clause | Rule::clause_ahead => 4,
        Rule::return_ahead | Rule::else_ahead | Rule::brace_ahead | Rule::block | Rule::lbrace => 5,
        Rule::rparen | Rule::rbracket => 6,
        Rule::rbrace => 7,
        _ => 0,
    }
}
