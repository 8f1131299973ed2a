import { expect, test } from "vitest";
import { epochReport } from "../../test/reports.js";
import { runAsCsv } from "./csv.js";

test("a row for each epoch, phase and layer", () => {
  const epochs = [epochReport(0, { a: [1, 1] }), epochReport(1, { a: [3, 1] })];
  expect(runAsCsv(epochs, 0.75)).toBe(
    [
      "epoch,phase,layer,index,features,samples,undersampled,threshold,intrinsic_dimensionality,saturation,loss,accuracy",
      "0,train,a,0,2,1000,false,0.75,2,1,0.5,0.75",
      "0,eval,a,0,2,1000,false,0.75,2,1,0.25,0.875",
      "1,train,a,0,2,1000,false,0.75,1,0.5,0.5,0.75",
      "1,eval,a,0,2,1000,false,0.75,1,0.5,0.25,0.875",
      "",
    ].join("\n"),
  );
});
