"""Known answers of Core's RandomStream, worked out here from the published algorithms alone:
FNV-1a over the path, SplitMix64, Lemire's bounded draw, Box and Muller's transform.

    random_streams.py          prints the values that Tests/CoreTests/RandomStreamTests.swift holds
"""

import math

MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Stream:
    def __init__(self, seed, *path):
        digest = 0xCBF29CE484222325
        for part in path:
            for byte in part.encode() + b"\xff":
                digest = ((digest ^ byte) * 0x100000001B3) & MASK
        self.counter = mix(mix((seed + 0x9E3779B97F4A7C15) & MASK) ^ digest)

    def next(self):
        self.counter = (self.counter + 0x9E3779B97F4A7C15) & MASK
        return mix(self.counter)

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def below(self, bound):
        product = self.next() * bound
        threshold = (1 << 64) % bound
        while product & MASK < threshold:
            product = self.next() * bound
        return product >> 64

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())


def main():
    for seed, path in [(0, []), (1, ["sampling", "quick-money", "17"]), (MASK, ["é", ""])]:
        stream = Stream(seed, *path)
        print(seed, path, [f"0x{stream.next():016x}" for _ in range(4)])
    stream = Stream(7, "mixed")
    print("uniform", [stream.uniform() for _ in range(3)])
    print("below 10", [stream.below(10) for _ in range(12)])
    print("below 2^63-1", [stream.below((1 << 63) - 1) for _ in range(3)])
    print("normal", [stream.normal() for _ in range(3)])
    items = list(range(8))
    for i in range(7, 0, -1):
        j = stream.below(i + 1)
        items[i], items[j] = items[j], items[i]
    print("shuffled", items)
    # The first outputs of SplitMix64 at seed 0, as its reference implementation prints them.
    counter, values = 0, []
    for _ in range(3):
        counter = (counter + 0x9E3779B97F4A7C15) & MASK
        values.append(mix(counter))
    assert values == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]


if __name__ == "__main__":
    main()
