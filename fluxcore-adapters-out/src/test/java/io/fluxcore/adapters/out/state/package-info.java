/** What every state backend is held against beside its contract. Imports the domain's harness. */
@NullMarked
package io.fluxcore.adapters.out.state;

import org.jspecify.annotations.NullMarked;
