/** Meters of jobs, where an application has Micrometer. Imports Spring and infrastructure. */
@NullMarked
package io.fluxcore.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
