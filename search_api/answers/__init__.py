"""What is answered: results with snippets, similar documents, coverage, walks over everything that matches."""
