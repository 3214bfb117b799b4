/**
 * What is asked of a job and takes its time (suspend, resume, restart, rescale): its progress,
 * result or error, kept for a day after its end. May import the domain.
 */
@NullMarked
package io.fluxcore.application.operation;

import org.jspecify.annotations.NullMarked;
