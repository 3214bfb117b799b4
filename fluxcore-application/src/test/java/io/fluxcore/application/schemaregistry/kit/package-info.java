/** What tests of formats use in place of a schema registry. */
@NullMarked
package io.fluxcore.application.schemaregistry.kit;

import org.jspecify.annotations.NullMarked;
