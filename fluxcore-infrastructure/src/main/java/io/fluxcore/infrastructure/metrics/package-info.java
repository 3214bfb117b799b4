/**
 * Meters of jobs for Micrometer, and by it for Prometheus and others. One public door, {@link
 * io.fluxcore.infrastructure.metrics.JobMeters}. Imports the application, the domain and
 * Micrometer.
 */
@NullMarked
package io.fluxcore.infrastructure.metrics;

import org.jspecify.annotations.NullMarked;
