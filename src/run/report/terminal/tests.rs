//! What is drawn, seen through an emulated terminal.
