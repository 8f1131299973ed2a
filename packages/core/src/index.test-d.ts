import { expectTypeOf } from "vitest";
import {
  type CovarianceMatrix,
  covariance,
  type Matrix,
  type MatrixInput,
  type SaturationTracker,
  TorchCovarianceMatrix,
} from "./index.js";

/** As in the types of the package ndarray. */
interface NdArray {
  data: Float32Array | number[];
  shape: number[];
  stride: number[];
  offset: number;
  get(...indices: number[]): number;
}

/** As in the types of TensorFlow.js. */
interface Tensor {
  readonly shape: number[];
  readonly strides: number[];
  readonly dtype: "float32" | "string";
  data(): Promise<Float32Array | string[]>;
  dataSync(): Float32Array | Int32Array | Uint8Array;
}

/** As in the types of ONNX Runtime. */
interface OnnxTensor {
  readonly dims: readonly number[];
  readonly type: "float32" | "int64" | "string";
  readonly data: Float32Array | BigInt64Array | string[];
}

expectTypeOf<number[][]>().toExtend<MatrixInput>();
expectTypeOf<Float32Array[]>().toExtend<MatrixInput>();
expectTypeOf<{ data: Float64Array; shape: [number, number] }>().toExtend<MatrixInput>();
expectTypeOf<{
  data: readonly number[];
  shape: readonly number[];
  strides: number[];
}>().toExtend<MatrixInput>();
expectTypeOf<NdArray>().toExtend<MatrixInput>();
expectTypeOf<Tensor>().toExtend<MatrixInput>();
expectTypeOf<OnnxTensor>().toExtend<MatrixInput>();
expectTypeOf<Matrix>().toExtend<MatrixInput>();

expectTypeOf<number[]>().not.toExtend<MatrixInput>();
expectTypeOf<Float32Array>().not.toExtend<MatrixInput>();
expectTypeOf<string[][]>().not.toExtend<MatrixInput>();
expectTypeOf<number[][][]>().not.toExtend<MatrixInput>();
expectTypeOf<number[][][]>().toExtend<Parameters<SaturationTracker["record"]>[1]>();

expectTypeOf(covariance([[1]])).resolves.toEqualTypeOf<Matrix>();
expectTypeOf(TorchCovarianceMatrix).toEqualTypeOf<typeof CovarianceMatrix>();
expectTypeOf<CovarianceMatrix["update"]>().returns.toEqualTypeOf<void>();
