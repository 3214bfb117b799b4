package io.fluxcore.application.view;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a materialised view as it is when reading begins, and ends. */
final class ViewSourceConnector implements SourceConnector {
  private static final String SPLIT = "view";

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          MaterializedViews.CONNECTOR,
          "Reads a materialised view as it is now.",
          List.of(
              OptionSpec.required(
                  MaterializedViews.NAME_OPTION, OptionSpec.Type.STRING, "The name of the view.")),
          EnumSet.of(Capability.BOUNDED, Capability.PROJECTION),
          DeliveryGuarantee.AT_MOST_ONCE);

  private final MaterializedViews views;

  ViewSourceConnector(MaterializedViews views) {
    this.views = views;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    return new ViewSource(views, options.string(MaterializedViews.NAME_OPTION));
  }

  /** A view that is read. */
  private record ViewSource(MaterializedViews views, String name) implements Source {
    /** The statement that reads it declares them. */
    @Override
    public @Nullable Schema schema() {
      return null;
    }

    @Override
    public boolean isBounded() {
      return true;
    }

    @Override
    public void check() {
      MaterializedView unused = views.get(name);
    }

    @Override
    public List<Split> discoverSplits() {
      return List.of(new Split(SPLIT));
    }

    @Override
    public SourceReader createReader(ReaderContext context) {
      return new Reader(views.get(name).snapshot(), context);
    }
  }

  /** Reads one snapshot. */
  private static final class Reader implements SourceReader {
    private final ViewSnapshot snapshot;
    private final ReaderContext context;
    private final Iterator<RowTrie.Entry> entries;
    private RowTrie.@Nullable Entry entry;
    private long left;
    private long read;
    private boolean assigned;
    private boolean ended;

    Reader(ViewSnapshot snapshot, ReaderContext context) {
      this.snapshot = snapshot;
      this.context = context;
      this.entries = snapshot.entries().iterator();
    }

    @Override
    public void assign(Source.Split split, @Nullable SplitPosition position) {
      assigned = true;
    }

    @Override
    public Poll poll(Duration maxWait) {
      if (!assigned || ended) {
        return Poll.Nothing.INSTANCE;
      }
      EventBatch batch = next();
      if (batch == null) {
        ended = true;
        return new Poll.EndOfSplit(SPLIT);
      }
      read += batch.size();
      return new Poll.Rows(SPLIT, batch, new SplitPosition(Long.toString(read)));
    }

    private @Nullable EventBatch next() {
      ViewSnapshot.ViewBatch rows =
          new ViewSnapshot.ViewBatch(
              snapshot.schema(), snapshot.layout().codec(), context.batchRows());
      while (rows.size() < context.batchRows()) {
        if (left <= 0) {
          entry = entries.hasNext() ? entries.next() : null;
          left = entry == null ? 0 : entry.count();
          if (entry == null) {
            break;
          }
          continue;
        }
        if (entry != null) {
          rows.add(entry.row());
        }
        left--;
      }
      return rows.size() == 0 ? null : projected(rows.build());
    }

    private EventBatch projected(EventBatch batch) {
      Schema wanted = context.schema();
      Column[] columns = new Column[wanted.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = batch.column(wanted.field(i).name());
      }
      return batch.withColumns(wanted, columns);
    }

    @Override
    public void close() {}
  }
}
