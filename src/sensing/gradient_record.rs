/// One step of a gradient method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientRecord {
    /// ‖𝒜(X_t) − y‖₂/√m, before the step.
    pub loss: f64,
    /// ‖Z_t‖_F, Z_t = (1/m) 𝒜\*(𝒜(X_t) − y); of its symmetric part in a symmetric method.
    pub gradient_norm: f64,
}
