"""What is asked: parameters, the parsed text as a tree, the plan that engines compile, suggestions and spelling."""
