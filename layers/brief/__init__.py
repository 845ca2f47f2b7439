"""Write briefs: what the atlas knows of a city or a comparison, as a document to hand on."""
