"""The other module of the example; of its functions only the one that is used becomes JavaScript."""


def func1(x):
    return x + 1


def func3(x):
    return x + 3
