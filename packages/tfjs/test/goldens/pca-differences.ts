/** Where the PCA layers differ from Delve's on purpose, and why: by recorded event, or by odd case. */
export const PCA_DIFFERENCES: Readonly<Record<string, string>> = {
  "set_centering, then a forward pass":
    "a change of centering takes effect at once, for the samples seen; Delve heeds it from the next training phase on",
  "inject_random_directions into a Conv2DPCALayer":
    "convolutions get random directions too; Delve's 1×1 convolution keeps the principal ones, since the branch for it is never reached",
  linear_eval_before_training: "everything is let through before there are samples; Delve has no matrix yet",
  conv_eval_before_training:
    "everything is let through before there are samples; Delve convolves with random weights",
  linear_threshold_set_before_training:
    "everything is let through before there are samples; Delve projects onto nothing, so that zeros come out",
  "linear_keepdim_false_centering_True_thr_0.5":
    "one coordinate a sample; Delve adds its mean, zeros, to it, which spreads it over all features",
  "linear_keepdim_false_centering_True_thr_0.9":
    "the coordinates; Delve fails to add its mean, which has another shape",
  network_of_two_names_and_returns:
    "names are the layers' own, not Lin-0 and Conv-0 (elsewhere Linear-0), and saturation is a share, not percent",
  change_all_pca_layer_centering_exists: "it exists, as Delve's documentation has it",
};
