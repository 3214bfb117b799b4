package io.fluxcore.adapters.in.cdc;

import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The changes of tables of one database: one split, since a log is read by one reader. */
final class CdcSource implements Source {
  static final String UNSUITABLE = "FLX-CDC-0001";
  static final String UNREACHABLE = "FLX-CDC-0002";
  static final String LOST = "FLX-CDC-0003";
  static final String LAYOUT = "FLX-CDC-0007";
  private static final String SNAPSHOT_CUT_OFF = "FLX-CDC-0005";

  private final CdcOptions options;
  private final @Nullable Schema schema;
  private volatile boolean checked;

  CdcSource(CdcOptions options, @Nullable Schema schema) {
    this.options = options;
    this.schema = schema;
  }

  CdcOptions options() {
    return options;
  }

  @Override
  public @Nullable Schema schema() {
    return schema;
  }

  @Override
  public Changes changes() {
    return Changes.retracts(null);
  }

  @Override
  public boolean isBounded() {
    return options.snapshot().equals("only");
  }

  @Override
  public boolean isReplayable() {
    return !isBounded();
  }

  @Override
  public void check() {
    options.kind().check(options);
  }

  @Override
  public List<Split> discoverSplits() {
    if (!checked) {
      options.kind().check(options);
      checked = true;
    }
    return List.of(new Split("changes"));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new CdcReader(this, context);
  }

  /** Looks whether reading can go on from a position. */
  void checkPosition(ChangePosition position) {
    if (position.equals(ChangePosition.START)) {
      return;
    }
    if (position.snapshot()) {
      if (options.repeatSnapshot()) {
        return;
      }
      throw FluxCoreException.user(
          SNAPSHOT_CUT_OFF,
          Place.of("snapshotRestart"),
          "the checkpoint was made amid the snapshot of "
              + options
              + ", and a snapshot cannot be gone on with",
          "start the job without this checkpoint; or set snapshotRestart: repeat, and rows that"
              + " have been read come again as insertions");
    }
    options.kind().checkPosition(options, position);
  }

  /** Fails where another try has no use. */
  void failIfForGood(ChangeRun.End end) {
    if (!end.isFailure()) {
      return;
    }
    for (Throwable cause = end.error(); cause != null; cause = cause.getCause()) {
      if (cause instanceof FluxCoreException own) {
        throw own;
      }
    }
    try {
      check();
    } catch (FluxCoreException e) {
      if (e.category() == ErrorCategory.USER) {
        throw e;
      }
    }
  }
}
