//! Draws diagnostics: codespan for people, data for programs. The only file that names codespan.
