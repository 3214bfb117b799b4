package io.fluxcore.application.runtime;

import io.fluxcore.domain.job.JobId;
import java.util.List;

/** Keeps dead letters. Thread-safe. */
public interface DeadLetters {
  /** Keeps a letter; may give up an old one for it, which is counted. */
  void add(DeadLetter letter);

  /** The letters of a job that are still kept, oldest first. */
  List<DeadLetter> of(JobId jobId);

  /** How many letters of a job were added, those included that were given up since. */
  long count(JobId jobId);
}
