import { describe, expect, test } from "vitest";
import { shadow } from "./shadow.js";

class Greeter {
  greet(name: string): string {
    return `hello ${name}`;
  }
}
const doubled = (next: (...args: unknown[]) => unknown, args: unknown[]) =>
  `${next(...args)}${next(...args)}`;
const shouted = (next: (...args: unknown[]) => unknown, args: unknown[]) => `${next(...args)}!`;

describe("shadow", () => {
  test("stands in front of the method of one object, and leaves no trace", () => {
    const greeter = new Greeter();
    const remove = shadow(greeter, "greet", (next, [name]) => next(`dear ${name}`));
    expect(greeter.greet("Ada")).toBe("hello dear Ada");
    expect(new Greeter().greet("Ada")).toBe("hello Ada");
    remove();
    expect(greeter.greet("Ada")).toBe("hello Ada");
    expect(Object.getOwnPropertyNames(greeter)).toEqual([]);
  });

  test("does not show when the object's properties are listed", () => {
    const greeter = new Greeter();
    shadow(greeter, "greet", shouted);
    expect(Object.keys(greeter)).toEqual([]);
  });

  test("several stand in line, the last to come outermost, and leave in any order", () => {
    const greeter = new Greeter();
    const removeDoubled = shadow(greeter, "greet", doubled);
    const removeShouted = shadow(greeter, "greet", shouted);
    expect(greeter.greet("Ada")).toBe("hello Adahello Ada!");
    removeDoubled();
    removeDoubled();
    expect(greeter.greet("Ada")).toBe("hello Ada!");
    removeShouted();
    expect(Object.hasOwn(greeter, "greet")).toBe(false);
  });

  test("a call that is under way keeps to the line it began with", () => {
    const greeter = new Greeter();
    const removeShouted = shadow(greeter, "greet", shouted);
    shadow(greeter, "greet", (next, args) => {
      removeShouted();
      return `(${next(...args)})`;
    });
    expect([greeter.greet("Ada"), greeter.greet("Ada")]).toEqual(["(hello Ada!)", "(hello Ada)"]);
  });

  test("brings back an own method that was there before", () => {
    const greeter = new Greeter();
    const own = (name: string) => `hi ${name}`;
    greeter.greet = own;
    const remove = shadow(greeter, "greet", shouted);
    expect(greeter.greet("Ada")).toBe("hi Ada!");
    remove();
    expect(greeter.greet).toBe(own);
  });

  test("leaves a method that somebody put in front of it, and passes its calls on", () => {
    const greeter = new Greeter();
    const remove = shadow(greeter, "greet", shouted);
    const ours = greeter.greet;
    greeter.greet = (name) => `${ours(name)}?`;
    remove();
    expect(greeter.greet("Ada")).toBe("hello Ada?");
    const removeAgain = shadow(greeter, "greet", doubled);
    expect(greeter.greet("Ada")).toBe("hello Adahello Ada?");
    removeAgain();
    expect(greeter.greet("Ada")).toBe("hello Ada?");
  });
});
