"""Parts of the administrators' pages."""
