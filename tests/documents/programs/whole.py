"""A module that becomes JavaScript as a whole, also what nobody asks for."""

__pyscript__ = True


FACTOR = 3


def triple(x):
    return FACTOR * x


def unused():
    return "nobody calls this"
