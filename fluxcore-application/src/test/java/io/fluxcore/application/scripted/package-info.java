/**
 * Runs plans on one thread, step by step, without a runtime: what each step of a script causes has
 * happened before the next. State is saved, restored and rescaled wherever the script says. Imports
 * the planner, connectors, SQL's outcomes and the domain.
 */
@NullMarked
package io.fluxcore.application.scripted;

import org.jspecify.annotations.NullMarked;
