/** Benchmarks of whole pipelines through the public API, and of single kernels with JMH. */
@NullMarked
package io.fluxcore.benchmarks;

import org.jspecify.annotations.NullMarked;
