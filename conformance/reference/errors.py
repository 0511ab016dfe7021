"""The categories of errors."""


class SpecError(Exception):
    """An error of the specification; `fields` are what a vector may expect of it besides its category."""

    def __init__(self, **fields):
        super().__init__(type(self).__name__)
        self.fields = fields


class ShapeError(SpecError):
    pass


class InvalidArgumentError(SpecError):
    pass


class NotNormalizedError(SpecError):
    pass


class ZeroProbabilityError(SpecError):
    pass


class NonUniqueStationaryStateError(SpecError):
    pass


class UnsupportedError(SpecError):
    pass


class NotBlockInvariantError(SpecError):
    pass
