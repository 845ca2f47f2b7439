"""Read and write addresses: a view as a query string, and the changes that lead to another one."""
