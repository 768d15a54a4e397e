"""What `spm demo` fills an empty database with: a company made up as of today, or a made-up CRM export and its year."""
