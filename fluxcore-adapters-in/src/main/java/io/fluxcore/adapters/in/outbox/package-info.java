/**
 * The source {@code outbox}: changes of tables that triggers write to a table of their own. Imports
 * the application, the options of formats, and what connectors of databases share.
 */
@NullMarked
package io.fluxcore.adapters.in.outbox;

import org.jspecify.annotations.NullMarked;
