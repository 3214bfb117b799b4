package io.fluxcore.boot;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.StreamTopology;

/**
 * A job that belongs to an application: as a bean it is submitted when the application starts, and
 * ends with it.
 *
 * @param topology what it does; lambdas in it may use other beans
 * @param config how it is run
 */
public record FluxCoreJob(StreamTopology topology, JobConfig config) {}
