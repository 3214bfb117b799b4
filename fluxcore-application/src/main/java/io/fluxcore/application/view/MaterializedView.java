package io.fluxcore.application.view;

import io.fluxcore.domain.event.Schema;
import java.util.List;

/**
 * The result of a job as a table, as it was after the last batch that the job has completed: a
 * reader never sees half a batch, and never waits for the job. While the job starts again after a
 * failure, it is as it was before; then it is as of the checkpoint that the job goes on from.
 * Thread-safe.
 */
public interface MaterializedView {
  String name();

  /** Of its rows. */
  Schema schema();

  /** The fields that name a row; none where nothing names one, and equal rows may be there. */
  List<String> key();

  /** The table as it is now, and stays. */
  ViewSnapshot snapshot();
}
