package io.fluxcore.application.connector;

import io.fluxcore.application.checkpoint.FencingToken;
import io.fluxcore.domain.job.JobId;

/**
 * Who writes through a sink: a job, by the hand of whoever runs it. The outside knows rows that
 * wait for their commit by it, and refuses whoever comes with a lower token than it has seen for
 * the same job and sink.
 *
 * @param job the job
 * @param operatorId name of the sink in the topology
 * @param token higher than those of all who ran the job before; the same in all attempts of one
 */
public record SinkOwner(JobId job, String operatorId, FencingToken token) {}
