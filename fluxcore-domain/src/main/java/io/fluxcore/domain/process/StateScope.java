package io.fluxcore.domain.process;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.state.StateBackend;
import java.util.List;

/** What the states of one subtask share. */
record StateScope(
    StateBackend backend, List<DataType> keyTypes, StateClock clock, LargestKeys largest) {}
