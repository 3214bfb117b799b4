package io.fluxcore.application.timetravel;

import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.QueriedKey;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.SlotWalk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A view of a snapshot in memory. An operator is asked as in a run: it is made anew, with the state
 * of the key group in question and no more, and given up after the answer.
 */
public final class SnapshotView implements StateView {
  private static final int BLOCK = 1024;

  private final StateViewId id;
  private final JobId job;
  private final Instant asOf;
  private final String from;
  private final ExecutionPlan plan;
  private final JobSnapshot snapshot;
  private final Map<String, AllKeys> keys = new ConcurrentHashMap<>();

  /** The keys of an operator, in order. */
  private record AllKeys(List<List<@Nullable Object>> sorted, boolean truncated) {}

  /**
   * A view.
   *
   * @param snapshot in the canonical format
   */
  public SnapshotView(
      StateViewId id,
      JobId job,
      Instant asOf,
      String from,
      ExecutionPlan plan,
      JobSnapshot snapshot) {
    this.id = id;
    this.job = job;
    this.asOf = asOf;
    this.from = from;
    this.plan = plan;
    this.snapshot = snapshot;
  }

  @Override
  public StateViewId id() {
    return id;
  }

  @Override
  public JobId job() {
    return job;
  }

  @Override
  public Instant asOf() {
    return asOf;
  }

  @Override
  public String from() {
    return from;
  }

  @Override
  public long bytes() {
    return snapshot.bytes();
  }

  @Override
  public List<AskableOperator> operators() {
    List<AskableOperator> all = new ArrayList<>();
    boolean deterministic = true;
    for (PlannedStage stage : plan.stages()) {
      for (PlannedOperator planned : stage.operators()) {
        deterministic &= planned.deterministic();
        List<DataType> types = planned.factory().get().stateKeyTypes();
        if (types != null) {
          all.add(
              new AskableOperator(
                  planned.operatorId(),
                  types.stream().map(DataType::toString).toList(),
                  deterministic));
        }
      }
    }
    return all;
  }

  @Override
  public LiveState state(String operator, @Nullable Object... key) {
    PlannedOperator planned = QueriedKey.operator(plan, operator);
    List<DataType> types = QueriedKey.types(operator, planned.factory().get());
    Column[] columns = QueriedKey.columns(operator, types, Arrays.asList(key));
    try (Opened opened = new Opened(planned, groupOf(columns))) {
      return opened.answer(columns);
    }
  }

  private int groupOf(Column[] key) {
    long[] hash = new long[1];
    KeyHash.ofRows(key, new int[] {0}, 1, hash);
    return KeyGroups.ofHash(hash[0], snapshot.maxParallelism());
  }

  @Override
  public KeyPage keys(String operator, int first, int limit) {
    PlannedOperator planned = QueriedKey.operator(plan, operator);
    List<DataType> types = QueriedKey.types(operator, planned.factory().get());
    AllKeys all = keys.computeIfAbsent(operator, name -> keysOf(planned, types));
    int size = all.sorted().size();
    int begin = Math.min(Math.max(0, first), size);
    List<List<@Nullable Object>> wanted =
        all.sorted().subList(begin, Math.min(size, begin + Math.max(1, limit)));
    List<LiveState> answers = new ArrayList<>();
    Map<Integer, Opened> open = new HashMap<>();
    try {
      for (List<@Nullable Object> key : wanted) {
        Column[] columns = QueriedKey.columns(operator, types, key);
        Opened opened = open.computeIfAbsent(groupOf(columns), group -> new Opened(planned, group));
        answers.add(opened.answer(columns));
      }
    } finally {
      open.values().forEach(Opened::close);
    }
    return new KeyPage(answers, size, all.truncated());
  }

  private AllKeys keysOf(PlannedOperator planned, List<DataType> types) {
    Set<List<@Nullable Object>> found = new LinkedHashSet<>();
    boolean truncated = false;
    for (int group = 0; group < snapshot.maxParallelism() && !truncated; group++) {
      if (!holds(planned.operatorId(), group)) {
        continue;
      }
      try (Opened opened = new Opened(planned, group)) {
        truncated = opened.addKeys(types, found);
      }
    }
    List<List<@Nullable Object>> sorted = new ArrayList<>(found);
    sorted.sort(SnapshotView::compare);
    return new AllKeys(sorted, truncated);
  }

  private boolean holds(String operator, int group) {
    OperatorSnapshot own = snapshot.operators().get(operator);
    return own != null
        && own.keyed().values().stream().anyMatch(groups -> groups.containsKey(group));
  }

  @SuppressWarnings("unchecked") // values of a field are of one class, which has an order
  private static int compare(List<@Nullable Object> a, List<@Nullable Object> b) {
    for (int i = 0; i < a.size(); i++) {
      Object left = a.get(i);
      Object right = b.get(i);
      int order =
          left == null || right == null
              ? Boolean.compare(left != null, right != null)
              : left instanceof Comparable<?> && left.getClass() == right.getClass()
                  ? ((Comparable<Object>) left).compareTo(right)
                  : left.toString().compareTo(right.toString());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** An operator with the state of one key group. */
  private final class Opened implements AutoCloseable {
    private final String operatorId;
    private final Operator operator;
    private final DeclaredStates states;

    Opened(PlannedOperator planned, int group) {
      this.operatorId = planned.operatorId();
      this.operator = planned.factory().get();
      this.states = new DeclaredStates(new KeyGroupRange(group, group), snapshot.maxParallelism());
      operator.open(
          new OperatorContext(
              operatorId,
              0,
              1,
              snapshot.maxParallelism(),
              states,
              new Ledger(),
              RecordFailures.FAIL));
      OperatorSnapshot own = snapshot.operators().get(operatorId);
      if (own != null) {
        states.restore(own);
        operator.restore(own);
      }
    }

    LiveState answer(Column[] key) {
      List<@Nullable String> words = new ArrayList<>();
      for (Column column : key) {
        words.add(QueriedKey.text(column));
      }
      return new LiveState(operatorId, words, false, operator.queryState(key));
    }

    /** Adds the keys that it holds; whether there are too many. */
    boolean addKeys(List<DataType> types, Set<List<@Nullable Object>> found) {
      for (SlotTables family : states.families()) {
        int fields = family.layout().keyTypes().size() - family.layout().subkeys();
        if (family.layout().keyTypes().subList(0, fields).equals(types)) {
          for (long namespace : family.namespaces()) {
            if (addKeys(family.table(namespace), fields, found)) {
              return true;
            }
          }
        }
      }
      return false;
    }

    private boolean addKeys(SlotTable table, int fields, Set<List<@Nullable Object>> found) {
      SlotWalk walk = new SlotWalk(table);
      int[] block = new int[BLOCK];
      for (int count = walk.next(block); count > 0; count = walk.next(block)) {
        Column[] columns = table.keys(block, count);
        for (int row = 0; row < count; row++) {
          List<@Nullable Object> key = new ArrayList<>();
          for (int field = 0; field < fields; field++) {
            key.add(columns[field].get(row));
          }
          if (found.size() == KeyPage.MAX_KEYS && !found.contains(key)) {
            return true;
          }
          found.add(key);
        }
      }
      return false;
    }

    @Override
    public void close() {
      operator.close();
      states.close();
    }
  }
}
