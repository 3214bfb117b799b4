/**
 * The port to what runs execution plans (the embedded host, Flink), and what it tells of running
 * jobs: its life, its metrics, its dead letters.
 */
@NullMarked
package io.fluxcore.application.runtime;

import org.jspecify.annotations.NullMarked;
