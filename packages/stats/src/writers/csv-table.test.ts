import { fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { CsvTable, parseCsv } from "./csv-table.js";
import { plainName } from "./formula.js";

const table = (...rows: Record<string, number | null>[]): CsvTable => {
  const result = new CsvTable();
  rows.forEach((row, index) => {
    result.append(
      index,
      Object.entries(row).map(([column, value]) => ({ column, value, integer: column.startsWith("int") })),
    );
  });
  return result;
};

describe("Delve's dialect", () => {
  test("index first, floats as Python writes them, whole numbers plain", () => {
    expect(table({ a: 0.1, int: 1 }, { a: 1, int: 2 }).toString()).toBe(";a;int\n0;0.1;1\n1;1.0;2\n");
  });

  test("nothing at all", () => {
    expect(new CsvTable().toString()).toBe('""\n');
    expect(table({}, {}).toString()).toBe('""\n');
  });

  test("NaN and gaps are empty, infinities have their names", () => {
    expect(table({ a: Infinity, b: 1 }, { a: Number.NaN, b: null }, { a: -Infinity, b: 2 }).toString()).toBe(
      ";a;b\n0;inf;1.0\n1;;\n2;-inf;2.0\n",
    );
  });

  test("a gap turns whole numbers into floats, those already written too", () => {
    expect(table({ int: 1 }, { int: null }, { int: 3 }).toString()).toBe(";int\n0;1.0\n1;\n2;3.0\n");
    expect(table({ int: 1, a: 1 }, { a: 2 }, { int: 3, a: 3 }).toString()).toBe(
      ";int;a\n0;1.0;1.0\n1;;2.0\n2;3.0;3.0\n",
    );
  });

  test("names that need quotes", () => {
    expect(table({ 'name;with"semi': 1, "two\nlines": 2, "return\rhere": 3, " lead": 4 }).toString()).toBe(
      ';"name;with""semi";"two\nlines";"return\rhere"; lead\n0;1.0;2.0;3.0;4.0\n',
    );
  });
});

describe("uneven columns", () => {
  test("a column that starts late", () => {
    expect(table({ a: 1 }, { a: 2, late: 0.5, int: 4 }).toString()).toBe(
      ";a;late;int\n0;1.0;;\n1;2.0;0.5;4.0\n",
    );
  });

  test("a gap opens no column, NaN does", () => {
    expect(table({ a: 1, gone: null, nan: Number.NaN }).toString()).toBe(";a;nan\n0;1.0;\n");
  });

  test("a column that comes twice goes on in a further row of the same index", () => {
    const uneven = new CsvTable();
    uneven.append(0, [
      { column: "a", value: 1 },
      { column: "a", value: 2 },
      { column: "b", value: 1 },
    ]);
    uneven.append(1, [{ column: "a", value: 3 }]);
    expect(uneven.toString()).toBe(";a;b\n0;1.0;1.0\n0;2.0;\n1;3.0;\n");
  });

  test("a row without any value is still a row", () => {
    expect(table({}, { a: 1 }, {}).toString()).toBe(";a\n0;\n1;1.0\n2;\n");
  });
});

describe("parse", () => {
  const text = ';a;int;"q;""x"\n0;0.30000000000000004;1;5e-324\n1;;2;\n2;1e-05;3;inf\n';

  test("the text of the cells stays as it is", () => {
    expect(CsvTable.parse(text).toString()).toBe(text);
  });

  test("rows from the end on are left out", () => {
    const head = CsvTable.parse(text, 1);
    expect(head.toString()).toBe(';a;int;"q;""x"\n0;0.30000000000000004;1;5e-324\n');
    head.append(1, [
      { column: "int", value: null },
      { column: "a", value: 2 },
    ]);
    expect(head.toString()).toBe(';a;int;"q;""x"\n0;0.30000000000000004;1.0;5e-324\n1;2.0;;\n');
  });

  test("cells that are no numbers, as Python may have written them, stay as they are", () => {
    const foreign = CsvTable.parse(";t;b\n0;x;True\n1;1;False\n");
    foreign.append(2, [{ column: "t", value: 1.5 }]);
    expect(foreign.toString()).toBe(";t;b\n0;x;True\n1;1;False\n2;1.5;\n");
  });

  test("nothing, and line ends of other systems", () => {
    expect(CsvTable.parse('""\n').toString()).toBe('""\n');
    expect(CsvTable.parse(";a\r\n0;1.0\r\n").toString()).toBe(";a\n0;1.0\n");
  });

  test.each([
    [";a\n0;1.0;2.0\n", /row 1 is not an index and 1 cells/],
    [";a\nx;1.0\n", /row 1 is not an index/],
    [";a;a\n", /same name/],
    [';a\n0;"1.0\n', /does not end/],
    ["", /last line does not end/],
    [";a\n0;1.0", /last line does not end/],
  ])("%j is refused", (damaged, message) => {
    expect(() => CsvTable.parse(damaged)).toThrow(message);
  });

  test("what is written reads back", () => {
    const cell = fc.oneof(fc.double(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string({ unit: "binary" }), cell), { maxLength: 6 }), (rows) => {
        const written = table(...rows).toString();
        expect(CsvTable.parse(written).toString()).toBe(written);
        const [header, ...lines] = parseCsv(written);
        lines.forEach((line, index) => {
          header!.slice(1).forEach((name, at) => {
            const own = Object.entries(rows[index]!).find(([key]) => key === plainName(name));
            const value = own?.[1] ?? Number.NaN;
            expect(read(line[at + 1]!)).toBe(value);
          });
        });
      }),
    );
  });
});

const read = (text: string): number => (text === "" ? Number.NaN : Number(text.replace("inf", "Infinity")));
