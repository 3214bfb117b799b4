/**
 * The page of the server, at {@code /}: jobs, their topologies with live numbers, why they give no
 * output, their results. Plain HTML, CSS and ES modules below {@code META-INF/fluxcore-page}, which
 * use nothing but the REST API of the same server; nothing is built, and nothing comes from
 * elsewhere. {@link io.fluxcore.adapters.in.page.ServerPage} is the door. Imports Spring MVC.
 */
@NullMarked
package io.fluxcore.adapters.in.page;

import org.jspecify.annotations.NullMarked;
