/**
 * The port to what runs execution plans (the embedded host, Flink), and what it tells of running
 * jobs: its life, its metrics, its progress in event time. May import the planner, {@code results},
 * {@code checkpoint} and {@code deadletter}.
 */
@NullMarked
package io.fluxcore.application.runtime;

import org.jspecify.annotations.NullMarked;
