/**
 * The {@code host-metrics} source: what this machine is doing, as rows. One public door; only
 * {@link io.fluxcore.adapters.in.hostmetrics.OshiProbe} knows the library that asks the operating
 * system.
 */
@NullMarked
package io.fluxcore.adapters.in.hostmetrics;

import org.jspecify.annotations.NullMarked;
