/// A row whose residual changes sign on an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossing {
    pub(super) row: usize,
    /// Where, in units of the direction.
    pub(super) step: f64,
    /// By how much the slope of the objective grows there.
    pub(super) turn: f64,
}

/// The crossing at which a slope of −`descent` first becomes positive or zero, those before it ahead of it; `None` where it
/// never does. A weighted median by bisection: O(n) for n crossings.
pub(super) fn edge_minimum(crossings: &mut [Crossing], descent: f64) -> Option<usize> {
    let turns = |part: &[Crossing]| part.iter().map(|crossing| crossing.turn).sum::<f64>();
    let mut rest = descent;
    if crossings.is_empty() || turns(crossings) < rest {
        return None;
    }
    let (mut low, mut high) = (0, crossings.len());
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        let order =
            |one: &Crossing, other: &Crossing| one.step.total_cmp(&other.step).then(one.row.cmp(&other.row));
        crossings[low..high].select_nth_unstable_by(middle - low, order);
        let before = turns(&crossings[low..middle]);
        if before >= rest {
            high = middle;
        } else {
            (low, rest) = (middle, rest - before);
        }
    }
    Some(low)
}
