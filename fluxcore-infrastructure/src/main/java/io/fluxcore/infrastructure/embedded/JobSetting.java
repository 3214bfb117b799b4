package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.deadletter.DeadLetters;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.results.ResultTaps;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.StateBackendFactory;
import java.time.InstantSource;

/** What is the same in all attempts to run a job. */
record JobSetting(
    ExecutionPlan plan,
    JobId jobId,
    JobConfig config,
    StateBackendFactory state,
    JobCheckpoints checkpoints,
    DeadLetters deadLetters,
    ResultTaps taps,
    EmbeddedSettings settings,
    InstantSource clock) {}
