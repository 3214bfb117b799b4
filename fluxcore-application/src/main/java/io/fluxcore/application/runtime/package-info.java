/**
 * The port to what runs execution plans (the embedded host, Flink), and what it tells of running
 * jobs: its life, its metrics, its progress in event time, its dead letters. May import the planner
 * and {@code results}.
 */
@NullMarked
package io.fluxcore.application.runtime;

import org.jspecify.annotations.NullMarked;
