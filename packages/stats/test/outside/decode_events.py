"""Reads TensorBoard event files with nothing but the format's description, and prints them as JSON.

Independent of the code that writes them: bit by bit CRC, own wire-format reader. Fails on any wrong checksum.
Numbers are printed as float hex, so that none is rounded on the way.
"""
import json
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def unmask(masked):
    rotated = (masked - 0xA282EAD8) & 0xFFFFFFFF
    return (rotated >> 17 | rotated << 15) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        length, length_crc = struct.unpack_from("<QI", data, at)
        assert unmask(length_crc) == crc32c(data[at : at + 8]), f"length at {at}"
        body = data[at + 12 : at + 12 + length]
        assert len(body) == length, f"record at {at} is cut"
        (body_crc,) = struct.unpack_from("<I", data, at + 12 + length)
        assert unmask(body_crc) == crc32c(body), f"data at {at}"
        yield body
        at += 16 + length


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = struct.unpack_from("<d", data, at)[0], at + 8
        elif kind == 5:
            value, at = struct.unpack_from("<f", data, at)[0], at + 4
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            raise AssertionError(f"wire type {kind}")
        yield number, value


def packed(data):
    return [value.hex() for (value,) in struct.iter_unpack("<d", data)]


def histogram(data):
    names = {1: "min", 2: "max", 3: "count", 4: "sum", 5: "sumOfSquares"}
    found = {}
    for field, value in fields(data):
        if field in names:
            found[names[field]] = value.hex()
        else:
            found[{6: "limits", 7: "counts"}[field]] = packed(value)
    return found


def summary_value(data):
    found = {}
    for field, value in fields(data):
        if field == 1:
            found["tag"] = value.decode("utf-8")
        elif field == 2:
            found["value"] = value.hex()
        elif field == 5:
            found["histogram"] = histogram(value)
        else:
            raise AssertionError(f"field {field} of a value")
    return found


def event(data):
    found = {"step": 0, "values": []}
    for field, value in fields(data):
        if field == 1:
            found["wallTime"] = value
        elif field == 2:
            found["step"] = value
        elif field == 3:
            found["fileVersion"] = value.decode("utf-8")
        elif field == 5:
            for inner, part in fields(value):
                assert inner == 1, f"field {inner} of a summary"
                found["values"].append(summary_value(part))
        elif field == 7:
            found["sessionLog"] = dict(fields(value))
        else:
            raise AssertionError(f"field {field} of an event")
    return found


print(json.dumps([[event(body) for body in records(open(path, "rb").read())] for path in sys.argv[1:]]))
