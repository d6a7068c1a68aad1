//! guarantee

mod student_t;

pub use student_t::{student_t_half_width, student_t_tail};
