"""The works that are compared, one or a table of them a file."""

MODULES = (
    "sketching",
    "least_squares",
    "leverage",
    "l1_regression",
    "completion",
    "fastrp",
    "randomized_svd",
    "sensing_step",
)
