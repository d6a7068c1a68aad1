use super::Error;

/// The classes of each node: none, one or several.
///
/// ```
/// use proofsketch_experiments::evaluation::Labels;
///
/// let labels = Labels::new(3, &[(0, 1), (2, 0), (2, 1), (2, 1)])?;
/// assert_eq!((labels.of(0), labels.of(1), labels.of(2)), (&[1][..], &[][..], &[0, 1][..]));
/// assert_eq!((labels.class_count(), labels.labelled()), (2, vec![0, 2]));
/// # Ok::<(), proofsketch_experiments::evaluation::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    starts: Vec<usize>,
    classes: Vec<u32>,
    class_count: usize,
}

impl Labels {
    /// The labels of nodes 0..`nodes` from pairs (node, class), in any order, a repeated pair counted once. Classes are
    /// 0..=c for the greatest c that occurs.
    ///
    /// # Errors
    /// [`Error::UnknownNode`].
    pub fn new(nodes: usize, pairs: &[(u32, u32)]) -> Result<Self, Error> {
        if let Some(&(node, _)) = pairs.iter().find(|(node, _)| *node as usize >= nodes) {
            return Err(Error::UnknownNode { node, nodes });
        }
        let mut sorted = pairs.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut starts = vec![0; nodes + 1];
        sorted.iter().for_each(|(node, _)| starts[*node as usize + 1] += 1);
        (0..nodes).for_each(|i| starts[i + 1] += starts[i]);
        let class_count = sorted.iter().map(|(_, class)| *class as usize + 1).max().unwrap_or(0);
        Ok(Self { starts, classes: sorted.into_iter().map(|(_, class)| class).collect(), class_count })
    }

    /// Number of nodes, labelled or not.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of classes.
    #[must_use]
    pub fn class_count(&self) -> usize {
        self.class_count
    }

    /// Number of pairs (node, class).
    #[must_use]
    pub fn assignments(&self) -> usize {
        self.classes.len()
    }

    /// The classes of a node, ascending.
    ///
    /// # Panics
    /// If there is no such node.
    #[must_use]
    pub fn of(&self, node: usize) -> &[u32] {
        &self.classes[self.starts[node]..self.starts[node + 1]]
    }

    /// The nodes that have a class, ascending.
    #[must_use]
    pub fn labelled(&self) -> Vec<usize> {
        (0..self.node_count()).filter(|&node| !self.of(node).is_empty()).collect()
    }
}
