/**
 * The source {@code jdbc}: rows of a table or query, by a column that increases. Imports the
 * application, the options of formats, and what connectors of databases share.
 */
@NullMarked
package io.fluxcore.adapters.in.jdbc;

import org.jspecify.annotations.NullMarked;
